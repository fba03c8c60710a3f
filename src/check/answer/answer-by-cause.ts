import { type ApiKeyForm, apiKeyForm } from '../../credentials/api-key-form.ts';
import type { CredentialSource, Credentials } from '../../credentials/credentials.ts';
import type { NoAccessKeyCause } from '../../credentials/why-no-access-key.ts';
import type { DenialReason } from '../../decision/decision.ts';
import { answerWithoutAccessKey, noAccessKeyCause } from './answer-without-access-key.ts';
import { type DenialAnswer, denialAnswers } from './denial-answers.ts';

/** What in the request itself leads to the denial; nothing of it tells which keys there are. */
export type DenialCause = NoAccessKeyCause | { readonly kind: 'api_key'; readonly form: ApiKeyForm };

/** Nothing in it is the client's text. */
const forms: Record<ApiKeyForm, string> = {
  repeated: 'The header came twice, or there is a comma in it',
  unprintable: 'There is a character in the header that no key holds, such as one that came with copying it',
  no_bearer: 'Authorization does not begin with Bearer and a blank',
  no_key: 'Nothing stands behind Bearer',
  bearer_twice: 'The word Bearer stands there twice',
  bearer_in_bare: 'This header takes the key alone, without Bearer',
  quoted: 'The key stands in quotes: leave them out',
  brackets: 'The key stands in brackets: leave them out',
  blank: 'There is a blank within the key',
};

/** Read from a refused call once more; undefined where its form says nothing of why. */
export function denialCause(
  reason: DenialReason,
  credentials: Credentials,
  source: CredentialSource,
): DenialCause | undefined {
  if (reason === 'api_key_invalid') {
    const form = apiKeyForm(source);
    return form && { kind: 'api_key', form };
  }
  return noAccessKeyCause(reason, credentials, source);
}

/** The answer to a reason, with what in the request led to it before what to do. */
export function answerByCause(reason: DenialReason, cause: DenialCause | undefined): DenialAnswer {
  const answer = denialAnswers[reason];
  if (cause?.kind === 'api_key') {
    return { ...answer, advice: `${forms[cause.form]}. ${answer.advice}` };
  }
  return cause === undefined ? answer : answerWithoutAccessKey(cause);
}
