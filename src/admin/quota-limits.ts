/** How much of each kind there may be for one owner, unless a site admin makes it (T55). */
export interface QuotaLimits {
  readonly apiKeysMax: number;
  readonly applicationsMax: number;
  readonly teamsMax: number;
  readonly projectsMax: number;
  readonly modelsMax: number;
}
