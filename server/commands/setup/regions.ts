/** The regions of Switchboard's settings, and the first of the Voice API's regions in each. */
const VOICE_REGIONS = { us: 'na-east', eu: 'eu-west', ap: 'apac-sng' } as const;

export type Region = keyof typeof VOICE_REGIONS;

/** The Application API's name of a region. */
export function voiceRegionOf(region: Region): string {
  return VOICE_REGIONS[region];
}

/** The region of an application; undefined if it has none or an unknown one. */
export function regionOf(voiceRegion: string | undefined): Region | undefined {
  if (voiceRegion?.startsWith('na-')) return 'us';
  if (voiceRegion?.startsWith('eu-')) return 'eu';
  return voiceRegion?.startsWith('apac-') ? 'ap' : undefined;
}
