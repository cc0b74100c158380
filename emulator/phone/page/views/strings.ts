import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { en, type Strings } from '../strings/en.ts';

export const PageStrings = createContext<Strings>(en);

/** The words of the page that a view is part of. */
export function useStrings(): Strings {
  return useContext(PageStrings);
}
