/** Stands in for the colon before a verb, which fastify writes twice and swagger would take for a parameter. */
const verbMark = '%3A';

/** A route's pattern with parameters as fastify writes them, without what one before a verb may hold, and with a mark for the verb's colon. */
export function markedPath(pattern: string): string {
  return pattern.replaceAll(/\(\^(\[\^:\]|\.)\+\)/g, '').replaceAll('::', verbMark);
}

/** A marked path as people read it. */
export function unmarkedPath(path: string): string {
  return path.replace(verbMark, ':');
}

/** A route's pattern as the API's document names it, such as `/api/v2/projects/{project_id}/models/{model_id}:test`. */
export function documentedPath(pattern: string): string {
  return unmarkedPath(markedPath(pattern).replaceAll(/:(\w+)/g, '{$1}'));
}
