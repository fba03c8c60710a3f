/** `error`: lets a request past the check. `warning`: breaks model calls, or leaks. */
export type Severity = 'error' | 'warning';

interface Rule {
  readonly severity: Severity;
  /** One sentence, whatever the config is written in. */
  readonly why: string;
}

/** Every rule, by the id that users and scripts hold on to. */
export const rules = {
  'no-ext-authz': error('Requests that come in here reach models without any check.'),
  'failure-mode-allow': error('When Modelgate does not answer, every request is let through unchecked.'),
  'check-disabled': error('Requests that take this way are not checked.'),
  'check-conditional': error('Requests that do not meet this condition pass unchecked.'),
  'upstream-not-decided': error(
    'The model is not chosen by the decision: whoever may call one model reaches another, which he may not call.',
  ),
  'upgrade-past-check': error('An upgraded request (WebSocket, CONNECT) runs through these filters alone, unchecked.'),
  'decision-not-applied': error(
    'Envoy may leave out what the decision says of headers: credentials and forged headers then reach the model.',
  ),
  'failure-looks-like-success': error(
    'Where Modelgate refuses, or does not answer, callers are told that their call went well.',
  ),
  'credential-lent': error('Every caller is given this credential before the check, and so passes as its owner.'),
  'admin-exposed': error(
    'Whoever reaches the admin port may read the configuration and stop Envoy; it has no sign-in.',
  ),
  'no-catch-all-route': error(
    'Envoy does not ask for a request that matches no route at first, as where every route waits for a header of the check.',
  ),
  'missing-clear-route-cache': error(
    'The route is chosen before the check sets its headers, so that the client can choose the model by a header of its own.',
  ),
  'body-limit-differs': error(
    'A body that Envoy cut at another size can count as whole, so that a second access key behind the cut goes unseen.',
  ),
  'no-max-stream-duration': error(
    'A stream is checked once: one that is open outlives the revoking of its key for ever.',
  ),
  'underscores-let-through': error(
    'Some models read x_modelgate_principal and x-modelgate-principal as one header, so that a client can forge it.',
  ),
  'filter-behind-check': error(
    'It can change the path, the headers or the route after the decision was made on them, and so reach another model.',
  ),
  'forged-header-kept': warning(
    'Where the check comes off by a slip, a client chooses the model by a header of its own: nothing takes it away.',
  ),
  'check-cluster-http1': warning(
    'Every call is refused: Envoy speaks HTTP/1 to the cluster that is to be asked by gRPC.',
  ),
  'check-cluster-unknown': warning('Every call is refused: whoever is to be asked is not in this file.'),
  'everything-refused': warning(
    'Every call is refused here, as Istio does for a policy whose provider it does not know.',
  ),
  'patch-without-target': warning('It is dropped as a whole: nothing that this file makes has that name.'),
  'setting-unknown': error(
    'Nothing of that name or value is known here: Envoy refuses the config, or it means what was not looked at.',
  ),
  'body-not-sent': error(
    'Access keys in bodies are not seen: a second one passes beside that of a header or the query, and a call with no other is refused.',
  ),
  'body-partial-refused': warning(
    'Envoy answers 413 to every longer body, even where the access key stands in a header or in the query.',
  ),
  'body-not-bytes': warning('Envoy alters what is no UTF-8 in the body before the check reads it.'),
  'buffer-too-small': warning('Over HTTP/1 Envoy answers 413 by itself to bodies that the check would take.'),
  'stream-window-too-small': warning('Over HTTP/2 Envoy answers 413 by itself to bodies that the check would take.'),
  'route-timeout': warning("Envoy's default of 15 s cuts longer model calls with 504."),
  'stream-idle-timeout': warning("Envoy's default of 5 minutes cuts a model that thinks longer in silence."),
  'check-timeout': warning(
    'Unset, Envoy waits 200 ms and Istio 10 minutes: checks of large bodies fail, or callers hang on a stuck Modelgate.',
  ),
  'status-on-error': warning('Without Modelgate callers get 403, and take the fault for a refused key.'),
  'headers-withheld': warning(
    'Modelgate reads credentials and signs of a cut body in headers that are held back here.',
  ),
  'access-log-leak': warning('Access keys in the query, or API keys in headers, are written to the log.'),
  'internal-addresses-trusted': warning(
    'Written but empty, it makes callers from loopback and private addresses internal: they may steer Envoy by x-envoy-*.',
  ),
  'internal-redirect': warning("A model's answer may send the request on, with its headers, to where the model says."),
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;

function error(why: string): Rule {
  return { severity: 'error', why };
}

function warning(why: string): Rule {
  return { severity: 'warning', why };
}
