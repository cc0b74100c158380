interface Package {
  name: string;
  version: string;
  license: string | null;
  isForProduction: boolean;
}

export function packagesIn(lock: {
  packages?: Record<
    string,
    {
      version?: string | undefined;
      license?: string | undefined;
      dev?: boolean | undefined;
      link?: boolean | undefined;
    }
  >;
}): Package[];

export function faultsIn(packages: readonly Package[]): string[];

export function noticeOf(packages: readonly Package[]): string;
