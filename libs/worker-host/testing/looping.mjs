/** A process under the watch, which stands still or works for a while. It loads the built watch: Node runs no TypeScript with our decorators around. */
const { watchEventLoop } = await import('../../../dist/libs/worker-host/src/watchdog.js');

watchEventLoop(500, 50);
if (process.argv[2] === 'loop')
  setTimeout(() => {
    for (;;);
  }, 200);
else setTimeout(() => process.exit(0), 2_000);
