import { setFlagsFromString } from 'node:v8';

// Imported before anything else runs. V8 shares the collection of young objects among threads of its own, one for each
// processor. Here so little survives that their coming and going costs more than they do; and they would collect for
// the thread that makes calls of events at the priority of webhooks. So each thread collects for itself.
setFlagsFromString('--no-parallel-scavenge');
