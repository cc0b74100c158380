/** What a page of an app user is told, as the Client SDK tells it. */
export type PageEvent =
  | { name: 'invite'; at: number; call: string; from: string }
  | { name: 'cancel'; at: number; call: string; reason: string }
  | { name: 'hangup'; at: number; call: string; reason: string };

/** A page of an app user with an open session: the Client SDK in a browser, or its protocol alone. */
export interface Page extends AsyncDisposable {
  readonly user: string;
  /** Everything it was told so far. */
  readonly told: readonly PageEvent[];
  answer(call: string): Promise<void>;
  reject(call: string): Promise<void>;
  hangUp(call: string): Promise<void>;
  /** `serverCall(context)`. @returns the id of the call, once it is there */
  call(context: Readonly<Record<string, string>>): Promise<string>;
  /** What it heard between two moments (milliseconds since 1970), 8,000 samples a second from -1 to 1. */
  heard(from: number, to: number): Promise<ArrayLike<number>>;
}

/** How a page reaches its platform. */
export interface PageAccess {
  user: string;
  token: string;
  sdk: { region: 'US' | 'EU' | 'AP' } | { apiUrl: string; websocketUrl: string };
}
