/** Imported before a server that is measured: tells its parent, when asked, its processor time and memory. */
process.on('message', (message) => {
  if (message !== 'report') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system, megabytes: process.memoryUsage.rss() / 2 ** 20 });
});
