import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectFile } from './compose.ts';

const project = fileURLToPath(new URL('../../../', import.meta.url));

export interface Instruction {
  /** In capitals, such as `COPY`. */
  readonly word: string;
  readonly rest: string;
}

export interface Stage {
  /** What later stages copy from; that of the image itself has none. */
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** The stages of the Dockerfile in their order; a line that goes on is one instruction. */
export function readStages(): Stage[] {
  const lines = projectFile('Dockerfile').replaceAll('\\\n', '').split('\n');
  const instructions = lines.flatMap(line => {
    const [, word = '', rest = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
    return word === '' ? [] : [{ word, rest }];
  });
  const stages: { name: string; instructions: Instruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.word === 'FROM') {
      stages.push({ name: / AS (\w+)$/.exec(instruction.rest)?.[1] ?? 'image', instructions: [] });
    } else {
      stages.at(-1)?.instructions.push(instruction);
    }
  }
  return stages;
}

/** The words of an instruction of a stage that are written as a list in JSON. */
export function wordsOf({ instructions }: Stage, word: string): string[] {
  const { rest = '[]' } = instructions.find(each => each.word === word) ?? {};
  return JSON.parse(rest.slice(rest.indexOf('[')));
}

/**
 * Does what a stage says in a folder that stands for its root, `folder/NAME`, after those that it copies from. Of `RUN` only
 * npm's lines are run, with this machine's Node.js: others would change the machine itself. Throws where one fails.
 */
export function replayStage({ name, instructions }: Stage, folder: string): void {
  const root = join(folder, name);
  let directory = root;
  for (const { word, rest } of instructions) {
    if (word === 'WORKDIR') {
      directory = join(root, rest);
      mkdirSync(directory, { recursive: true });
    } else if (word === 'COPY') {
      copy(rest, directory, folder);
    } else if (word === 'RUN' && /\bnpm (ci|run) /.test(rest)) {
      run(rest, directory);
    }
  }
}

function copy(rest: string, directory: string, folder: string): void {
  const [, stage, names = ''] = /^(?:--from=(\w+) )?(.*)$/.exec(rest) ?? [];
  const sources = names.split(' ');
  const target = sources.pop() as string;
  for (const source of sources) {
    const from = stage === undefined ? join(project, source) : join(folder, stage, source);
    const isInto = target.endsWith('/') && !statSync(from).isDirectory();
    const to = join(directory, isInto ? join(target, basename(source)) : target);
    mkdirSync(dirname(to), { recursive: true });
    const filter = stage === undefined ? isSent : () => true;
    cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter });
  }
}

/** What .dockerignore takes out of the folders that it lets through. */
const ignored = projectFile('.dockerignore')
  .split('\n')
  .filter(line => /^[\w*]/.test(line) && line !== '*')
  .map(line => new RegExp(`^${line.split('**/').map(asPattern).join('(.*/)?')}(/|$)`));

function asPattern(glob: string): string {
  return glob.replaceAll('.', '\\.').replaceAll('*', '[^/]*');
}

function isSent(path: string): boolean {
  return !ignored.some(pattern => pattern.test(relative(project, path)));
}

function run(line: string, directory: string): void {
  // The image has the headers of Node.js where its Node.js is installed, as this machine may have.
  const command = line.replaceAll('/usr/local', dirname(dirname(process.execPath)));
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: directory, env, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${command} ended with ${status}:\n${stdout}${stderr}`);
  }
}
