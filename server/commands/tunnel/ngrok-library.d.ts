// An optional package: the types of what is used of it, so that they are known where it is not installed.
declare module '@ngrok/ngrok' {
  export interface Listener {
    url(): string | null;
    close(): Promise<void>;
  }
  export function forward(config: { addr: string; authtoken: string; domain?: string }): Promise<Listener>;
}
