/** The name that signed in last on this computer, on any page. */
export interface LastAgent {
  /** Empty where nobody did. */
  read(): string;
  write(name: string): void;
}

const KEY = 'switchboard.agent';

export function createLastAgent(storage: Pick<Storage, 'getItem' | 'setItem'>): LastAgent {
  return {
    read: () => storage.getItem(KEY) ?? '',
    write: (name) => storage.setItem(KEY, name),
  };
}
