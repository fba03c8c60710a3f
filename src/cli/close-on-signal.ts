import closeWithGrace from 'close-with-grace';
import type { Surroundings } from './surroundings.ts';

/** A process that got one of these from its own fault is in no state to run anything more. */
const faultSignals: closeWithGrace.Signals[] = [
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGUSR2',
];

export const endingByFault = 'ending after a fault that nothing caught';

/**
 * Ends the process with 0 after a clean close; with 1 where the close fails or lasts too long, at a second
 * signal, and after a fault that nothing caught, which is logged.
 */
export function closeOnSignal(
  logFault: (fault: unknown, message: string) => Promise<void>,
): Surroundings['closeOnSignal'] {
  return (close, delayMs, note) => {
    const options: closeWithGrace.Options = {
      delay: delayMs,
      logger: false,
      skip: faultSignals,
      onSecondSignal: signal => note(`modelgate serve: a second ${signal}: ending at once`),
      onSecondError: () => note('modelgate serve: a second fault: ending at once'),
      onTimeout: delay => note(`modelgate serve: not closed after ${delay} ms: ending at once`),
    };
    closeWithGrace(options, async ({ err }) => {
      try {
        if (err) {
          await logFault(err, endingByFault);
        }
        await close();
      } catch (fault) {
        await logFault(fault, 'closing failed');
        throw fault;
      }
    });
  };
}
