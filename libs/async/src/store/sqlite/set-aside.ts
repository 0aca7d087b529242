/** Holds what is damaged: nobody is this owner, and its leases never run out. */
export const setAsideOwner = 'set aside: damaged';
