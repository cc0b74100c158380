/** A worker that says when so many milliseconds have passed, again and again. */
addEventListener('message', ({ data }: MessageEvent<number>) => {
  setInterval(() => postMessage(null), data);
});
