import type { RequestHandler, Response } from 'express';
import type { Application } from '../provisioning/account.ts';
import { REGION_HOSTS, type Region } from '../provisioning/capabilities.ts';

const REGIONS = new Map<string, string>(Object.entries(REGION_HOSTS).map(([region, host]) => [host, region]));
const PREFIX = /^\/(api-[a-z]{2}-\d)(?=\/)/;

/** Lets a region's address be the platform's own, and remembers which was asked. */
export const regional: RequestHandler = (request, response, next) => {
  const host = PREFIX.exec(request.url)?.[1];
  const region = host && REGIONS.get(host);
  if (host && region) {
    request.url = request.url.slice(host.length + 1);
    response.locals.region = region;
  }
  next();
};

/** Whether a request came by an address at which the calls of an application are: its region's, or the one for all. */
export function livesHere({ region }: Application, response: Response): boolean {
  const asked: Region | undefined = response.locals.region;
  return asked === undefined || asked === region;
}
