import type { CredentialSource, Credentials } from '../../credentials/credentials.ts';
import { type NoAccessKeyCause, whyNoAccessKey } from '../../credentials/why-no-access-key.ts';
import type { DenialReason } from '../../decision/decision.ts';
import { type DenialAnswer, denialAnswers } from './denial-answers.ts';

/** What is said of a body that can carry no access key (B54). Nothing in it is the client's text. */
const causes: Record<Exclude<NoAccessKeyCause['kind'], 'malformed'>, string> = {
  encoded: 'The body is compressed, and is not unpacked to look for it',
  wide: 'The body is text in UTF-16 or UTF-32, and JSON is read in UTF-8',
  string: 'The body is a JSON string and no object: maybe it was made into JSON twice',
  list: 'The body is a JSON list and no object',
  form: 'The body is a form and no JSON',
  no_object: 'The body is no JSON object',
};

/** Why the body of a call that is refused could name no model; undefined where it was refused for something else, or could have. */
export function noAccessKeyCause(
  reason: DenialReason,
  { accessKey }: Credentials,
  source: CredentialSource,
): NoAccessKeyCause | undefined {
  return reason === 'access_key_missing' && accessKey.kind === 'absent' ? whyNoAccessKey(source) : undefined;
}

/** The answer to a call without an access key, which says why its body could carry none. */
export function answerWithoutAccessKey(cause: NoAccessKeyCause | undefined): DenialAnswer {
  const answer = denialAnswers.access_key_missing;
  return cause === undefined ? answer : { ...answer, advice: `${textOf(cause)}. ${answer.advice}` };
}

function textOf(cause: NoAccessKeyCause): string {
  return cause.kind === 'malformed'
    ? `The body can't be read as JSON from byte ${cause.at} on, counted from 0`
    : causes[cause.kind];
}
