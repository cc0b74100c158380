// With DEBUG set, the packages below print addresses and messages with tokens. Import this before anything that loads
// the package `debug` or Playwright, which read the variable only once.
delete process.env.DEBUG;
