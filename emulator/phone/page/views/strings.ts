import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { en, type Strings } from '../strings/en.ts';

export const PageStrings = createContext<Strings>(en);

/** The page's texts, for its views. */
export function useStrings(): Strings {
  return useContext(PageStrings);
}
