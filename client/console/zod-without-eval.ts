import { config } from 'zod';

// The page's security policy forbids code made from text. zod would try all the same, and be reported for it.
config({ jitless: true });
