import type { NamedRoom, Preset, PresetRights, RoleRights } from '../signal/protocol.gen';
import type { Acts } from './acts';
import { RoomInvitations } from './invitations.svelte';
import type { Outcome } from './seam/entry';
import type { NamedRooms } from './seam/invitations';

export interface NamedRoomsOptions {
  acts: Acts;
  /** The address of a room. */
  address(room: string): string;
  /** The name of the account. */
  name(): string;
  /** The page's language. */
  language(): string;
}

/** The rooms that the account keeps. */
export class AccountRooms implements NamedRooms {
  list = $state.raw<readonly NamedRoom[] | undefined>();
  #presets = $state.raw<readonly PresetRights[]>([]);
  readonly #options: NamedRoomsOptions;

  constructor(options: NamedRoomsOptions) {
    this.#options = options;
  }

  async load(): Outcome {
    const answer = await this.#options.acts.ask('rooms.list', {});
    if (typeof answer === 'string') return answer;
    this.list = answer.rooms;
    this.#presets = answer.presets;
    return undefined;
  }

  async save(room: NamedRoom): Outcome {
    return (await this.#options.acts.attempt('rooms.save', room)) ?? (await this.load());
  }

  async remove(room: string): Outcome {
    return (await this.#options.acts.attempt('rooms.delete', { room })) ?? (await this.load());
  }

  rightsOf(preset: Preset): RoleRights | undefined {
    return this.#presets.find((one) => one.preset === preset)?.rights;
  }

  invitations(name: string): RoomInvitations {
    const { acts, address } = this.#options;
    return new RoomInvitations({
      acts,
      room: name,
      host: () => true,
      details: () => {
        const room = this.list?.find((one) => one.name === name);
        return {
          address: address(name),
          title: room?.title ?? '',
          inviter: this.#options.name(),
          language: room?.language || this.#options.language(),
          password: room?.hasPassword ?? false,
          startsAt: room?.startsAt ? new Date(room.startsAt) : undefined,
          endsAt: room?.endsAt ? new Date(room.endsAt) : undefined,
        };
      },
    });
  }
}
