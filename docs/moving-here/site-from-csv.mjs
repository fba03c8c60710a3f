// Makes a site document from tables of models and keys that were kept elsewhere; see docs/moving-here.md.
//
//   node site-from-csv.mjs --models models.csv --keys keys.csv --members members.csv > site.json
//
// Each table is CSV with a line of column names; a column that is not known here is refused, so that none is lost unseen.
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const columns = {
  models: { needed: ['project', 'owner', 'model', 'access_key'], optional: ['name', 'target'] },
  keys: { needed: ['owner'], optional: ['key', 'digest', 'key_id', 'expires', 'comment'] },
  members: { needed: ['project', 'username', 'permission'], optional: [] },
};

/** Fewer characters than this are found by trying. */
const keyLengthMin = 8;

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** The rows of a table by its column names, each with its line. Quoted cells may hold commas, quotes ("") and line breaks. */
function readTable(kind, file) {
  if (file === undefined) return [];
  const lines = cellsOf(textOf(file), file);
  const names = lines.shift()?.cells.map(name => name.trim()) ?? [];
  const { needed, optional } = columns[kind];
  const missing = needed.filter(name => !names.includes(name));
  const unknown = names.filter(name => !needed.includes(name) && !optional.includes(name));
  if (missing.length + unknown.length > 0) {
    fail(
      `${file}: its columns must be ${needed.join(', ')}, and may be ${optional.join(', ')}; it has ${names.join(', ')}`,
    );
  }
  return lines.map(({ line, cells }) => {
    if (cells.length !== names.length) fail(`${file}:${line}: has ${cells.length} cells, not ${names.length}`);
    const row = Object.fromEntries(names.map((name, at) => [name, cells[at].trim()]));
    const empty = needed.find(name => row[name] === '');
    if (empty) fail(`${file}:${line}: ${empty} is empty`);
    return { ...row, place: `${file}:${line}` };
  });
}

/** Bytes that are no UTF-8 would be read as U+FFFD, and a key with one of them would have another digest. */
function textOf(file) {
  const bytes = readFileSync(file);
  if (bytes.includes(0)) fail(`${file} is UTF-16 or no text: save it as CSV in UTF-8`);
  if (!isUtf8(bytes)) {
    const line =
      bytes
        .toString('latin1')
        .split('\n')
        .findIndex(each => !isUtf8(Buffer.from(each, 'latin1'))) + 1;
    fail(`${file}:${line}: is no UTF-8; if it is Windows-1252 or Latin-1, save it as CSV in UTF-8`);
  }
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

function cellsOf(text, file) {
  const lines = [{ line: 1, cells: [] }];
  let [line, read] = [1, 0];
  for (const [all, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r?\n|$)/gy)) {
    lines.at(-1).cells.push(quoted?.replaceAll('""', '"') ?? plain);
    line += all.split('\n').length - 1;
    read += all.length;
    if (end !== ',') lines.push({ line, cells: [] });
  }
  // Nothing is skipped that can't be read: a row that is lost would be a caller that is locked out.
  if (read < text.length) fail(`${file}:${line}: a quote stands where none may`);
  return lines.filter(({ cells }) => cells.some(cell => cell.trim() !== ''));
}

/** Why no request can carry this key, or why it is none; undefined: it is one. A comma would end it in a header. */
function faultOf(key) {
  if (/^\d+([.,]\d+)?E\+\d+$/i.test(key)) return 'is a number that a spreadsheet rounded: export the column as text';
  if (/^bearer\s/i.test(key)) return 'begins with Bearer: give the key alone';
  if (!/^[!-+\--~]+$/.test(key))
    return 'holds a blank, a comma, a line break or a letter beyond ASCII, so no request can carry it';
  return key.length < keyLengthMin ? `has less than ${keyLengthMin} characters, which anybody can guess` : undefined;
}

/** A date alone lasts to its end; a text that is no date is left to the server, which names what it takes. */
function isPast(expires) {
  const end = Date.parse(expires) + (/^\d{4}-\d\d-\d\d$/.test(expires) ? 24 * 60 * 60 * 1000 : 0);
  return end <= Date.now();
}

/** A key by its digest; without a Key ID it gets one that comes to the same at each run, and tells nothing of the key. */
function toApiKey({ owner, key, digest: given, key_id, expires, comment, place }) {
  if (!key === !given) fail(`${place}: give either the key or its digest`);
  const fault = key && faultOf(key);
  if (fault) fail(`${place}: the key ${fault}`);
  if (expires && isPast(expires)) fail(`${place}: the key has expired: leave it out`);
  const digest = given?.toLowerCase() || createHash('sha256').update(key).digest('hex');
  return {
    key_id: key_id || `moved-${createHash('sha256').update(digest).digest('hex').slice(0, 16)}`,
    username: owner,
    digest,
    // Never is never here too; without it a key would end after the site's default.
    expiry_date: expires || null,
    ...(comment ? { comments: comment } : {}),
  };
}

const options = { models: { type: 'string' }, keys: { type: 'string' }, members: { type: 'string' } };
const { values } = parseArgs({ options });
const [models, keys, members] = Object.keys(columns).map(kind => readTable(kind, values[kind]));

const projects = new Map();
for (const { project, owner, model, access_key, name, target, place } of models) {
  const entry = projects.get(project) ?? {
    project_id: project,
    owner: { username: owner },
    collaborators: [],
    models: [],
  };
  if (entry.owner.username !== owner) fail(`${place}: project ${project} has the owner ${entry.owner.username} above`);
  entry.models.push({ model_id: model, access_key, ...(name ? { name } : {}), ...(target ? { target } : {}) });
  projects.set(project, entry);
}
for (const { project, username, permission, place } of members) {
  const entry = projects.get(project) ?? fail(`${place}: no model is of project ${project}`);
  entry.collaborators.push({ username, permission });
}
const users = new Set([...models, ...keys].map(({ owner }) => owner).concat(members.map(({ username }) => username)));
const site = {
  users: [...users].map(username => ({ username })),
  projects: [...projects.values()],
  api_keys: keys.map(toApiKey),
};
process.stdout.write(`${JSON.stringify(site, null, 2)}\n`);
