import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { deskFileJsonSchema } from '../../domain/desk/desk-file.ts';

// Writes the JSON Schema of desk files, for editors. `npm run desk-schema` also formats it.
const file = resolve(import.meta.dirname, '../../docs/desk.schema.json');
writeFileSync(file, `${JSON.stringify(deskFileJsonSchema(), null, 2)}\n`);
