import type { World } from '../world.ts';
import type { User, UserDirectory } from './account.ts';

/** The users of one application. @param changed told after each change. */
export function createUserDirectory(world: World, users: User[], changed: () => void): UserDirectory {
  const byId = new Map(users.map((user) => [user.id, user]));
  const byName = new Map(users.map((user) => [user.name, user]));
  return {
    list: () => [...byId.values()],
    byId: (id) => byId.get(id),
    byName: (name) => byName.get(name),
    add(name, details = {}) {
      if (byName.has(name)) return undefined;
      const createdAt = new Date(world.now()).toISOString();
      const user: User = { id: `USR-${world.uuid()}`, name, createdAt, details };
      byId.set(user.id, user);
      byName.set(name, user);
      changed();
      return user;
    },
    change(id, name, details) {
      const user = byId.get(id);
      if (!user || (byName.has(name) && byName.get(name) !== user)) return false;
      byName.delete(user.name);
      // In place: pages of the user that are open hold it.
      user.name = name;
      Object.assign(user.details, details);
      byName.set(name, user);
      changed();
      return true;
    },
    remove(id) {
      const user = byId.get(id);
      if (!user) return false;
      byName.delete(user.name);
      byId.delete(id);
      changed();
      return true;
    },
  };
}
