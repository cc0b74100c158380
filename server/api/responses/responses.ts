/*
 * What the API answers with, as schemas: the API's description is made of them, and tests check each response against
 * it. The types themselves, with their comments, are in domain/api.
 */

export * from './calls.ts';
export * from './contacts.ts';
export * from './desk.ts';
export * from './fields.ts';
export * from './figures.ts';
export * from './people.ts';
