// The types that are used of an optional package, in case it is not installed.
declare module '@ngrok/ngrok' {
  export interface Listener {
    url(): string | null;
    close(): Promise<void>;
  }
  export function forward(config: { addr: string; authtoken: string; domain?: string }): Promise<Listener>;
}
