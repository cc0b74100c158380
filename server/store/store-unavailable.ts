/**
 * The store cannot be read or written now. The request itself is valid and may work later. `message` is one
 * readable line for the log; `cause` is the database's error.
 */
export class StoreUnavailable extends Error {}
