/** What each parameter does, by its name with `N` for a number and `<metric>` for a metric, in the order of the document. */
export const descriptions: Readonly<Record<string, string>> = {
  "width.mlp.N":
    "Natural log of a factor on the MLP channels kept by layer N; beyond 16 layers by group N of 16 groups of neighbours; of a mixture of experts, on its experts",
  "width.attention.N": "The same for KV groups; absent where every layer has one",
  allocation: "Widths that the factors start from: one order over the whole model, or the same share of every layer",
  "depth.tilt": "Bend of importance over the depth: −x at the first layer to +x at the last, natural log",
  "depth.curvature": "Parabola over the depth, natural log: above 0 favours both ends",
  equalisation: "Exponent by which a layer's mean importance is divided out: 0 raw scores, 1 equal means",
  similarity: "Weight of log block change: above 0 favours sub-blocks that change their input much",
  "protect.first": "Blocks at the start that lose nothing",
  "protect.last": "Blocks at the end that lose nothing",
  "depth.drop_blocks":
    "Whole blocks that leave, least changing first; never more than the sparsity pays for; the rest of the budget is spent on widths",
  "depth.drop_attention": "Attentions that leave beside those of dropped blocks",
  "depth.drop_mlp": "MLPs that leave beside those of dropped blocks",
  query_heads:
    "How readily query heads leave inside KV groups, all groups of a layer losing as many: 0 keeps them, at 1 they leave as their importance per parameter says; absent where every KV head has one",
  dividing_heads:
    "Whether equal layers keep a number of query heads that divides the hidden size where one is feasible, as transformers 5 wants of plain Llama folders; only in uniform layouts",
  attention_factor: "Natural log of a factor on the importance of KV groups against MLP channels",
  obs_share:
    "Weight of the greedy elimination order against the scores in choosing which units of a layer leave; absent for models with experts",
  compensation: "Repair of the output projections",
  lambda:
    "Ridge of `least_squares`, relative to the mean diagonal of the second moments; `{low, high}` makes it a range",
  metric: "Leading metric: its weight in the mixture is 1; choices are the job's metrics",
  "metric.<metric>": "Weight of a metric that does not lead, to the fourth power",
  norm: "Scale on which metrics are mixed",
  agg: "How the scores of a unit's vectors become one",
  power: "Exponent on the normalised scores",
  "cluster.N":
    "Weight of the samples of calibration cluster N in every statistic but the orders of `obs` and `obs_fisher`, which see all samples alike",
  "cluster.temperature": "Tilt of the cluster weights by difficulty: above 0 favours hard text",
  "compensation.cluster_weights":
    "Whether repairs and rounds of exchange follow the cluster weights too; neutral is false in uniform layouts",
  "sample.N": "Place of the Nth of ten calibration samples in the pool, ordered by loss; neutral is an even spread",
  "alpha.coarse": "Weight of the coarse score",
  "alpha.fine": "Weight of the fine score",
  "align.coarse": "Factor on the second-order part of the coarse score; `{low, high}` makes it a range",
  "align.fine": "Factor on the second-order part of the fine score",
  "align.mix": "Factor that brings the fine score to the scale of the coarse one",
};
