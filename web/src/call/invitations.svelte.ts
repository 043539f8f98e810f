import type { Invitation as Told, Role } from '../signal/protocol.gen';
import type { Acts } from './acts';
import { invitationCard, type CardDetails } from './card';
import type { Failure } from './model';
import type { Outcome } from './seam/entry';
import type { Invitation, InvitationCard, InvitationDraft, Invitations } from './seam/invitations';
import { allRoles } from './standing';

/** A link without an end of its own is told with one that is further away than any that can be chosen, in ms. */
const lasting = 32 * 24 * 60 * 60 * 1000;

export interface InvitationsOptions {
  acts: Acts;
  /** An own named room, or undefined for the room that one is in. */
  room?: string;
  /** Whether one may give away more than taking part. */
  host(): boolean;
  /** What the meeting's cards have in common. */
  details(): Omit<CardDetails, 'secret' | 'id' | 'kind' | 'name'>;
}

/** The links to a room. */
export class RoomInvitations implements Invitations {
  readonly #options: InvitationsOptions;
  #told = $state.raw<readonly Told[] | undefined>();
  readonly list: Invitation[] | undefined = $derived.by(() =>
    this.#told?.map((invitation) => this.#invitationOf(invitation)),
  );

  constructor(options: InvitationsOptions) {
    this.#options = options;
  }

  get roles(): Role[] {
    return this.#options.host()
      ? [...allRoles]
      : allRoles.filter((role) => role !== 'host' && role !== 'moderator');
  }

  async load(): Outcome {
    const answer = await this.#options.acts.ask('invitations.list', this.#room);
    if (typeof answer === 'string') return answer;
    this.#told = answer.invitations;
    return undefined;
  }

  readonly create = async (draft: InvitationDraft): Promise<InvitationCard | Failure> => {
    const { kind, name, role, minutes } = draft;
    const answer = await this.#options.acts.ask('invitations.create', {
      ...this.#room,
      kind,
      role,
      ...(name.trim() !== '' && { name: name.trim() }),
      ...(minutes > 0 && { minutes }),
    });
    if (typeof answer === 'string') return answer;
    const { secret, invitation } = answer;
    if (this.#told) this.#told = [...this.#told, invitation];
    return invitationCard({
      ...this.#options.details(),
      secret,
      id: invitation.id,
      kind: invitation.kind,
      name: invitation.name ?? '',
    });
  };

  get #room(): { room?: string } {
    const { room } = this.#options;
    return room === undefined ? {} : { room };
  }

  #invitationOf(invitation: Told): Invitation {
    const { id, kind, name = '', role, inviter, createdAt, expiresAt = Infinity, inUse = false } = invitation;
    return {
      id,
      kind,
      name,
      role,
      inviter: inviter.name,
      createdAt: new Date(createdAt),
      expiresAt: expiresAt - createdAt < lasting ? new Date(expiresAt) : undefined,
      inUse,
      revoke: () => this.#revoke(id),
    };
  }

  async #revoke(invitationId: string): Outcome {
    const failure = await this.#options.acts.attempt('invitations.revoke', { ...this.#room, invitationId });
    if (!failure) this.#told = this.#told?.filter((other) => other.id !== invitationId);
    return failure;
  }
}
