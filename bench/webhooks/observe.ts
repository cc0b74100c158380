import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Imported before a server that is measured: tells its parent, when asked, how its event loop, processor time and memory are. */
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

process.on('message', (message) => {
  if (message === 'reset') delay.reset();
  if (message !== 'report') return;
  const { user, system } = process.cpuUsage();
  process.send?.({
    loopP99: delay.percentile(99) / 1e6,
    loopMax: delay.max / 1e6,
    cpu: user + system,
    megabytes: process.memoryUsage.rss() / 2 ** 20,
  });
});
