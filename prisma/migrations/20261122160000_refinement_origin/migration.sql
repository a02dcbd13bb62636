-- Trials that refine the best plan found.
ALTER TABLE "trials" DROP CONSTRAINT "trials_origin_check";
ALTER TABLE "trials" ADD CONSTRAINT "trials_origin_check" CHECK ("origin" IN ('start', 'sampler', 'refinement'));
