/*
 * scan/config_peers.h - the configurations of other scanners, for a plumb.yaml
 */
#ifndef PLUMB_SCAN_CONFIG_PEERS_H
#define PLUMB_SCAN_CONFIG_PEERS_H

#include "scan/config_draft.h"

/* Takes over what the configurations of checkov, trivy, kube-linter, hadolint and tfsec say that
 * lie in `directory`. `now`, Unix seconds, tells what has expired. */
void config_peers(ConfigDraft *draft, Str directory, int64_t now);

#endif
