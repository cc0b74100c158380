import type { OpenTunnel } from './tunnel.ts';

const OWN_TUNNEL = 'Or open another tunnel yourself, and pass its address: npm run dev -- --tunnel=https://…';

/**
 * Opens tunnels with ngrok's library, which is loaded only here. @param authtoken the value of
 * NGROK_AUTHTOKEN
 */
export function ngrokTunnels(authtoken: string | undefined): OpenTunnel {
  return async (target) => {
    if (authtoken === undefined || authtoken === '') {
      throw new Error(
        `NGROK_AUTHTOKEN is not set. Get it at https://dashboard.ngrok.com/get-started/your-authtoken; a free account is enough.\n${OWN_TUNNEL}`,
      );
    }
    const { forward } = await import('@ngrok/ngrok').catch(() => {
      throw new Error(
        `the ngrok package is not installed. Install it: npm install --no-save @ngrok/ngrok\n${OWN_TUNNEL}`,
      );
    });
    try {
      const listener = await forward({ addr: new URL(target).host, authtoken });
      const url = listener.url();
      if (url === null) throw new Error('it returned no address');
      return { url: url.replace(/\/+$/, ''), close: () => listener.close() };
    } catch (error) {
      // The message may contain the token.
      const words = (error instanceof Error ? error.message : String(error)).replaceAll(authtoken, '…');
      throw new Error(`ngrok could not open a tunnel: ${words}`);
    }
  };
}

/** A tunnel that someone else has opened and will close. */
export function openedTunnel(url: string): OpenTunnel {
  return async () => ({ url, close: async () => {} });
}
