import { z } from 'zod';
import { faultText } from '../../requests/fault-text.ts';
import { FieldFaults } from '../../requests/validate-request.ts';
import { type SiteDocument, type SitePart, siteParts } from '../../schemas/site.ts';
import { Pace } from '../../turns/pace.ts';

/**
 * Checks a site document as its schema does, in stretches, so that no check waits for a large one.
 * Rejects with an ApiError that names each field.
 */
export async function parseSite(data: unknown): Promise<SiteDocument> {
  const faults = new FieldFaults();
  const document = await parsePart(siteParts, data, [], faults, new Pace());
  if (!faults.isEmpty) {
    throw faults.toError();
  }
  return document as SiteDocument;
}

type Members = Record<string, unknown>;

/** Goes on into the lists of what has faults of its own, so that all faults are told at once. */
async function parsePart(
  { schema, lists }: SitePart,
  data: unknown,
  path: readonly PropertyKey[],
  faults: FieldFaults,
  pace: Pace,
): Promise<Members> {
  const checked = z.safeParse(schema, data, { error: faultText });
  if (checked.error) {
    faults.add(checked.error.issues, path);
  }
  const members: Members = checked.data ?? {};
  const given = typeof data === 'object' && data !== null ? (data as Members) : {};
  // A list that is too long is a fault by itself.
  const faulty = new Set(checked.error?.issues.map(({ path: [name] }) => name));
  for (const [name, part] of Object.entries(lists)) {
    const entries = given[name];
    if (Array.isArray(entries) && !faulty.has(name)) {
      members[name] = await parseList(part, entries, [...path, name], faults, pace);
    }
  }
  return members;
}

async function parseList(
  part: SitePart,
  entries: readonly unknown[],
  path: readonly PropertyKey[],
  faults: FieldFaults,
  pace: Pace,
): Promise<Members[]> {
  const parsed: Members[] = [];
  for (const [at, entry] of entries.entries()) {
    parsed.push(await parsePart(part, entry, [...path, at], faults, pace));
    if (pace.isDue) {
      await pace.pause();
    }
  }
  return parsed;
}
