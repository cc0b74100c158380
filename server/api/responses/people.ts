import { z } from 'zod';
import { AUDITED, type AuditPage } from '../../../domain/api/audit-api.ts';
import {
  type InvitationAccepted,
  ROLES,
  type SessionState,
  type TokenGrant,
} from '../../../domain/api/page-api.ts';
import { exactly } from '../exactly.ts';
import { named, number, numberOrNull, text, textOrNull, time } from './fields.ts';

export const sessionState = named(
  'SessionState',
  exactly<SessionState>()(
    z.object({
      agent: textOrNull,
      roles: z.array(z.enum(ROLES)),
      agents: z.array(text),
      routing: z.enum(['direct', 'desk']),
      called: z.boolean().exactOptional(),
      checksSignatures: z.boolean().exactOptional(),
      signIn: z.enum(['automatic', 'code']),
      openId: z.boolean().exactOptional(),
      number,
      phoneUrl: textOrNull,
    }),
  ),
);

export const invitationAccepted = named(
  'InvitationAccepted',
  exactly<InvitationAccepted>()(z.object({ session: sessionState, code: text })),
);

export const auditPage = named(
  'AuditPage',
  exactly<AuditPage>()(
    z.object({
      entries: z.array(
        z.object({
          id: z.number(),
          at: time,
          who: textOrNull,
          what: z.enum(AUDITED),
          of: textOrNull,
          from: textOrNull,
          details: textOrNull,
        }),
      ),
      next: numberOrNull,
    }),
  ),
);

export const tokenGrant = named(
  'TokenGrant',
  exactly<TokenGrant>()(
    z.object({
      token: text,
      agent: text,
      expiresIn: z.number().meta({ description: 'Seconds.' }),
      sdk: z.object({
        region: z.enum(['US', 'EU', 'AP']),
        apiUrl: text.exactOptional(),
        websocketUrl: text.exactOptional(),
      }),
    }),
  ),
);
