/** The regions that an application may ask for, with the names of their hosts (Voice API, regional endpoints). */
export const REGION_HOSTS = {
  'na-east': 'api-us-3',
  'na-west': 'api-us-4',
  'eu-west': 'api-eu-3',
  'eu-east': 'api-eu-4',
  'apac-sng': 'api-ap-3',
  'apac-australia': 'api-ap-4',
} as const;

export type Region = keyof typeof REGION_HOSTS;

/**
 * Base address for the control of an application's calls, without a slash at the end. A region is a path here, for
 * want of hosts; calls of an application without a region are everywhere.
 * @param url the platform's own address.
 */
export function regionUrl({ region }: { region?: Region | undefined }, url: string): string {
  return region === undefined ? url : `${url}/${REGION_HOSTS[region]}`;
}
