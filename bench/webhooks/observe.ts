/** Imported before a measured server: reports CPU time and memory to its parent on request. */
process.on('message', (message) => {
  if (message !== 'report') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system, megabytes: process.memoryUsage.rss() / 2 ** 20 });
});
