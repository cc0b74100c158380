/**
 * The store cannot be read or written now. Nothing is wrong with what it was asked: the same may work later.
 * `message` is one line in words for the log; `cause` is what the database said.
 */
export class StoreUnavailable extends Error {}
