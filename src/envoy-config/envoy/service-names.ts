/** Istio's names of clusters: direction, port, subset and host. */
const istios = /^(?:out|in)bound[|_]\.?\d+[|_]\.?([^|]*)\|([^|.]+)[^|]*$/;

/** The Service that a cluster goes by, of the names that Istio gives; any other name is its own. */
export function serviceOf(cluster: string): string {
  return istios.exec(cluster)?.[2] ?? cluster;
}
