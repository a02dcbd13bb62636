/** Several workers may be told of the same work; who comes late looks again. */
const MAX_LOOKS = 20;

/**
 * Claims what is due by the rows. A message only wakes a worker: it names the work to begin with, but when another owner's
 * turn has come, their work is claimed, and a later message finds what this one left.
 */
export async function claimInTurn<Work, Claim>(
  inTurn: () => Promise<Work | undefined>,
  claim: (work: Work) => Promise<Claim | undefined>,
): Promise<Claim | undefined> {
  for (let look = 0; look < MAX_LOOKS; look++) {
    const work = await inTurn();
    if (work === undefined) return undefined;
    const claimed = await claim(work);
    if (claimed !== undefined) return claimed;
  }
  return undefined;
}
