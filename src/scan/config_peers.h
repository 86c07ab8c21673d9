/*
 * scan/config_peers.h - the configurations of other scanners, for a plumb.yaml
 *
 * Their keys are those of
 * https://www.checkov.io/2.Basics/CLI%20Command%20Reference.html,
 * https://trivy.dev/latest/docs/references/configuration/config-file/,
 * https://docs.kubelinter.io/#/configuring-kubelinter, https://github.com/hadolint/hadolint and
 * https://aquasecurity.github.io/tfsec/latest/guides/configuration/config/.
 */
#ifndef PLUMB_SCAN_CONFIG_PEERS_H
#define PLUMB_SCAN_CONFIG_PEERS_H

#include "scan/config_draft.h"

/* Takes over what the configurations of checkov, trivy, kube-linter, hadolint and tfsec say that
 * lie in `directory`. `now`, Unix seconds, tells what has expired. */
void config_peers(ConfigDraft *draft, Str directory, int64_t now);

#endif
