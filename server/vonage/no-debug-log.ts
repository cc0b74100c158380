// With DEBUG=vonage:* the SDK prints the private key and every token. Import this before anything that loads
// the package `debug`, which reads the variable only once.
if (process.env.DEBUG) process.env.DEBUG += ',-vonage:*';
