/** A side room for specs: does to itself what the payload of the job says. Plain JavaScript, since the room is a process of its own. */
const tell = (message) => process.send?.(message);
let answer = () => {};

const DEEDS = {
  exit: () => process.exit(7),
  throw: () => {
    throw new Error('a declaration threw where nobody expects it');
  },
  loop: () => {
    for (;;);
  },
  allocate: () => {
    const kept = [];
    for (;;) kept.push(new Array(1_000_000).fill(kept.length));
  },
  succeed: () => tell({ kind: 'ended', ending: { outcome: { kind: 'succeeded', x_id: String(process.pid) } } }),
  note: async () => {
    tell({ kind: 'note', step: { sending: { step: 'make', memo: {} } } });
    const told = await new Promise((resolve) => (answer = resolve));
    tell({ kind: 'ended', ending: { outcome: { kind: 'succeeded', x_id: told.kind } } });
  },
};

process.on('message', (message) => (message.kind === 'work' ? DEEDS[message.job.payload.deed]() : answer(message)));
process.on('disconnect', () => process.exit(0));
setInterval(() => tell({ kind: 'beat' }), 100);
