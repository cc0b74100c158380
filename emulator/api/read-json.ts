import type { Request, Response } from 'express';
import express from 'express';
import { API_ERRORS, problem } from './problem.ts';

/** An NCCO may be as long here as in an answer. */
const parse = express.json({ limit: '1mb' });

/** Reads a body of JSON into `request.body`. What is none, or too long, it refuses itself: then false. */
export async function readJson(request: Request, response: Response): Promise<boolean> {
  const fault = await new Promise<unknown>((done) => parse(request, response, done));
  if (!fault) return true;
  if (statusOf(fault) === 413) {
    const detail = 'The request body is longer than 1 MB.';
    problem(response, 413, `${API_ERRORS}#payload-too-large`, 'Payload Too Large', detail);
  } else {
    const detail = fault instanceof Error ? fault.message : 'The request body cannot be read.';
    problem(response, 400, `${API_ERRORS}#invalid-json`, 'Invalid JSON', detail);
  }
  return false;
}

function statusOf(fault: unknown): number | undefined {
  return typeof fault === 'object' && fault !== null && 'status' in fault ? Number(fault.status) : undefined;
}
