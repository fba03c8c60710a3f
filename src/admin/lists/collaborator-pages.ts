import type { PageMark, PageQuery } from '../../store/page-query.ts';
import type { Reads } from '../../store/store.ts';
import {
  type Collaborator,
  type CollaboratorList,
  type TeamCollaborator,
  toCollaborator,
  toTeamCollaborator,
} from '../schemas/collaborators.ts';
import { permission } from '../schemas/fields.ts';
import { pageOf, readAll } from './paging.ts';

/** Before a team's name in a mark: a page goes through two lists, one behind the other. No name begins with it. */
const inTeams = '+';

/** An entry of either list, with what it may be sorted by. */
interface Entry {
  readonly id: string;
  readonly name: string;
  readonly permission: number;
  readonly shown: Collaborator | TeamCollaborator;
}

/** One page of a project's collaborators, and behind them of its teams. */
export async function collaboratorPage(reads: Reads, projectId: string, page: PageQuery): Promise<CollaboratorList> {
  const entries = page.sort ? await sortedEntries(reads, projectId, page) : await entriesByName(reads, projectId, page);
  const { shown, next_page_token } = pageOf(entries, page, ({ id }) => id);
  const both = shown.map(entry => entry.shown);
  return {
    collaborators: both.filter(each => 'username' in each),
    team_collaborators: both.filter(each => 'team' in each),
    next_page_token,
  };
}

async function entriesByName(reads: Reads, projectId: string, page: PageQuery): Promise<Entry[]> {
  const { after, limit } = page;
  const teamsBegun = after?.id.startsWith(inTeams) === true;
  const people = teamsBegun ? [] : await reads.listCollaborators(projectId, page);
  const left = limit - people.length;
  const afterTeam = teamsBegun && after ? { id: after.id.slice(inTeams.length) } : undefined;
  const teams =
    left === 0 ? [] : await reads.listTeamCollaborators(projectId, { ...page, limit: left, after: afterTeam });
  return [...people.map(toCollaborator), ...teams.map(toTeamCollaborator)].map(toEntry);
}

/** Sorted here: a project's collaborators are few, and what they hold is stored by its name, not by its rank. */
async function sortedEntries(reads: Reads, projectId: string, page: PageQuery): Promise<Entry[]> {
  const { after, limit, search, sort } = page;
  const people = await readAll(
    each => reads.listCollaborators(projectId, { ...each, search }),
    ({ principal }) => principal,
  );
  const teams = await readAll(
    each => reads.listTeamCollaborators(projectId, { ...each, search }),
    ({ team }) => team,
  );
  const inOrder = orderOf(sort);
  return [...people.map(toCollaborator), ...teams.map(toTeamCollaborator)]
    .map(toEntry)
    .sort(inOrder)
    .filter(entry => after === undefined || inOrder(entry, fromMark(after, sort)) > 0)
    .slice(0, limit);
}

function toEntry(shown: Collaborator | TeamCollaborator): Entry {
  const name = 'team' in shown ? shown.team : shown.username;
  const id = 'team' in shown ? inTeams + name : name;
  return { id, name, permission: permission.options.indexOf(shown.permission), shown };
}

type Compared = Pick<Entry, 'id'> & Partial<Pick<Entry, 'name' | 'permission'>>;

/** People before teams in either direction; who is alike in the field comes by name. */
function orderOf(sort: PageQuery['sort']): (one: Compared, other: Compared) => number {
  const field = sort?.field === 'permission' ? 'permission' : 'name';
  const direction = sort?.descending ? -1 : 1;
  return (one, other) =>
    compare(one.id.startsWith(inTeams), other.id.startsWith(inTeams)) ||
    direction * (compare(one[field], other[field]) || compare(one.id, other.id));
}

function fromMark({ id, value }: PageMark, sort: PageQuery['sort']): Compared {
  return sort?.field === 'permission' ? { id, permission: Number(value) } : { id, name: String(value) };
}

function compare<T>(one: T, other: T): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
