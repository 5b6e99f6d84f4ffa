"""What scipy.stats has besides distributions and summaries: refused, in groups, each with its reason."""
from __future__ import annotations

from s2sad.rules.refusing import refuse


def _refused(names: str, why: str) -> None:
    refuse(*(f"scipy.stats.{name}" for name in names.split()), why=why)


_refused("alexandergovern anderson anderson_ksamp ansari barnard_exact binomtest boschloo_exact brunnermunzel bws_test "
         "chatterjeexi chi2_contingency chisquare combine_pvalues cramervonmises cramervonmises_2samp dunnett epps_singleton_2samp "
         "f_oneway false_discovery_control fisher_exact fligner friedmanchisquare goodness_of_fit jarque_bera kendalltau kruskal ks_1samp "
         "ks_2samp kstest kurtosistest logrank mannwhitneyu median_test monte_carlo_test mood multiscale_graphcorr normaltest "
         "page_trend_test permutation_test poisson_means_test power quantile_test ranksums shapiro skewtest somersd "
         "spearmanrho ttest_ind_from_stats tukey_hsd weightedtau wilcoxon",
         "it tests a hypothesis, by ranks, counts or draws, or gives too much to follow; write the statistic with NumPy")  # fmt: skip
_refused("bootstrap sobol_indices directional_stats", "it works on many samples, and gives an object that holds them")
_refused("fit boxcox_normmax yeojohnson_normmax ppcc_max ppcc_plot boxcox_normplot yeojohnson_normplot probplot expectile",
         "it searches for a solution")
_refused("binned_statistic binned_statistic_2d binned_statistic_dd cumfreq relfreq ecdf estimated_cdf percentileofscore rankdata "
         "tiecorrect mode scoreatpercentile obrientransform", "it counts, ranks or sorts into bins")
_refused("bayes_mvs mvsdist siegelslopes theilslopes pointbiserialr lmoment order_statistic",
         "it gives an object with several statistics; write the one that is meant with NumPy")
_refused("wasserstein_distance_nd", "it solves a linear program")
_refused("make_distribution truncate exp log abs Normal Uniform Logistic Binomial Mixture",
         "it makes distributions of another kind than scipy.stats.norm, which have no rules")
_refused("BootstrapMethod CensoredData MonteCarloMethod PermutationMethod rv_histogram", "it makes an object that only SciPy reads")
_refused("random_correlation random_table ortho_group special_ortho_group unitary_group uniform_direction", "it draws random numbers")

_refused("yeojohnson_llf", "it takes complex logarithms on its way; compute it of what scipy.stats.yeojohnson gives")
_refused("quantile", "np.quantile does the same, and has a rule")
_refused("Covariance", "it is what functions are given that take any kind of covariance")
_refused("rv_continuous rv_discrete", "it makes distributions, which have no rules")

SELDOM = "there is no rule for this distribution, which is seldom used; its density can be written with NumPy and scipy.special"
_refused("alpha argus burr crystalball dpareto_lognorm foldcauchy gausshyper genexpon "
         "genhalflogistic genhyperbolic geninvgauss halfgennorm irwinhall jf_skew_t "
         "kappa3 kappa4 ksone kstwo kstwobign landau levy_l levy_stable mielke ncf nct "
         "norminvgauss pearson3 powerlognorm rdist recipinvgauss rel_breitwigner skewcauchy studentized_range trapezoid "
         "truncpareto truncweibull_min tukeylambda wrapcauchy trapz", SELDOM)  # fmt: skip
_refused("betanbinom boltzmann skellam yulesimon zipf zipfian poisson_binom", SELDOM)
_refused("hypergeom nhypergeom nchypergeom_fisher nchypergeom_wallenius randint multivariate_hypergeom", "all its parameters are counts")
_refused("multinomial dirichlet_multinomial matrix_normal matrix_t multivariate_t normal_inverse_gamma vonmises_fisher wishart invwishart",
         SELDOM)
