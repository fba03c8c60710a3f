import type { CredentialSource, Credentials } from '../../credentials/credentials.ts';
import { type AccessKeyForm, type ApiKeyForm, accessKeyForm, apiKeyForm } from '../../credentials/key-forms.ts';
import type { NoAccessKeyCause } from '../../credentials/why-no-access-key.ts';
import type { DenialReason } from '../../decision/decision.ts';
import { answerWithoutAccessKey, noAccessKeyCause } from './answer-without-access-key.ts';
import { type DenialAnswer, denialAnswers } from './denial-answers.ts';

/** What in the request itself leads to the denial; nothing of it tells which keys there are. */
export type DenialCause = NoAccessKeyCause | { readonly kind: 'key_form'; readonly form: ApiKeyForm | AccessKeyForm };

/** Nothing in it is the client's text. */
const forms: Record<ApiKeyForm | AccessKeyForm, string> = {
  plus: 'There is a + in it, which no access key holds: in a query it stands for itself and for no blank',
  repeated: 'The header came twice, or there is a comma in it',
  unprintable: 'There is a character in it that no key holds, such as one that came with copying it',
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
    return form && { kind: 'key_form', form };
  }
  if (reason === 'access_key_unknown' && credentials.accessKey.kind === 'one') {
    const form = accessKeyForm(credentials.accessKey.accessKey);
    return form && { kind: 'key_form', form };
  }
  return noAccessKeyCause(reason, credentials, source);
}

/** The answer to a reason, with what in the request led to it before what to do. */
export function answerByCause(reason: DenialReason, cause: DenialCause | undefined): DenialAnswer {
  const answer = denialAnswers[reason];
  if (cause?.kind === 'key_form') {
    return { ...answer, advice: `${forms[cause.form]}. ${answer.advice}` };
  }
  return cause === undefined ? answer : answerWithoutAccessKey(cause);
}
