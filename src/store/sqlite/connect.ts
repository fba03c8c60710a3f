import knex, { type Knex } from 'knex';
import { withoutRowChecks } from '../sql/feed/row-checks.ts';

interface Sqlite3Connection {
  exec(sql: string, done: (error: Error | null) => void): void;
  close(done: () => void): void;
}

/** A database file, made where it is not there, with what is set on its connection first. */
export function connect(filename: string, pragmas: readonly string[]): Knex {
  return knex({
    client: 'sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    postProcessResponse: withoutRowChecks,
    pool: {
      // One connection: one writer, which is also the one that checkpoints.
      min: 1,
      max: 1,
      afterCreate: (
        connection: Sqlite3Connection,
        done: (error: Error | null, connection: Sqlite3Connection) => void,
      ) =>
        connection.exec(pragmas.join('; '), error => {
          // Nobody else would close it, and the lock that it may hold already would keep all others out.
          if (error) {
            connection.close(() => done(error, connection));
          } else {
            done(null, connection);
          }
        }),
    },
    // Errors reach the caller; knex's own lines on standard error may quote values of statements.
    log: { warn: ignore, error: ignore, deprecate: ignore, debug: ignore },
  });
}

function ignore(): void {}
