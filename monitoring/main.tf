# The metrics, alerts and dashboard of this folder, for Terraform. Everything is read from the JSON files, which gcloud takes as well.
#
#   terraform init
#   terraform apply -var project=PROJECT -var 'notification_channels=["projects/PROJECT/notificationChannels/ID"]'

terraform {
  required_version = ">= 1.5"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.0"
    }
    time = {
      source  = "hashicorp/time"
      version = ">= 0.9"
    }
  }
}

variable "project" {
  description = "Id of the project in which the functions run."
  type        = string
}

variable "notification_channels" {
  description = "Who is notified: names of channels, projects/PROJECT/notificationChannels/ID. Empty: incidents are only shown in the console."
  type        = list(string)
  default     = []
}

variable "runbook_url" {
  description = "Where your people read docs/runbook.md; the alerts link to its pages."
  type        = string
  default     = "docs/runbook.md"
}

locals {
  metrics = { for file in fileset("${path.module}/metrics", "*.json") : trimsuffix(file, ".json") => jsondecode(file("${path.module}/metrics/${file}")) }
  alerts  = { for file in fileset("${path.module}/alerts", "*.json") : trimsuffix(file, ".json") => jsondecode(file("${path.module}/alerts/${file}")) }
}

resource "google_logging_metric" "push" {
  for_each = local.metrics

  project          = var.project
  name             = each.value.name
  description      = each.value.description
  filter           = each.value.filter
  value_extractor  = try(each.value.valueExtractor, null)
  label_extractors = try(each.value.labelExtractors, null)

  metric_descriptor {
    metric_kind = each.value.metricDescriptor.metricKind
    value_type  = each.value.metricDescriptor.valueType
    unit        = each.value.metricDescriptor.unit

    dynamic "labels" {
      for_each = try(each.value.metricDescriptor.labels, [])
      content {
        key         = labels.value.key
        value_type  = labels.value.valueType
        description = labels.value.description
      }
    }
  }

  dynamic "bucket_options" {
    for_each = try([each.value.bucketOptions], [])
    content {
      exponential_buckets {
        num_finite_buckets = bucket_options.value.exponentialBuckets.numFiniteBuckets
        growth_factor      = bucket_options.value.exponentialBuckets.growthFactor
        scale              = bucket_options.value.exponentialBuckets.scale
      }
    }
  }
}

# Cloud Monitoring hears of a new metric some time later, and refuses an alert on one that it does not know yet.
resource "time_sleep" "metrics_are_known" {
  create_duration = "60s"
  triggers        = { metrics = join(",", sort(keys(google_logging_metric.push))) }
}

resource "google_monitoring_alert_policy" "push" {
  for_each   = local.alerts
  depends_on = [time_sleep.metrics_are_known]

  project               = var.project
  display_name          = each.value.displayName
  combiner              = each.value.combiner
  severity              = each.value.severity
  user_labels           = each.value.userLabels
  notification_channels = var.notification_channels

  documentation {
    content   = replace(each.value.documentation.content, "docs/runbook.md", var.runbook_url)
    mime_type = each.value.documentation.mimeType
  }

  alert_strategy {
    auto_close = each.value.alertStrategy.autoClose
  }

  dynamic "conditions" {
    for_each = each.value.conditions
    content {
      display_name = conditions.value.displayName

      dynamic "condition_threshold" {
        for_each = try([conditions.value.conditionThreshold], [])
        content {
          filter                  = condition_threshold.value.filter
          comparison              = condition_threshold.value.comparison
          threshold_value         = condition_threshold.value.thresholdValue
          duration                = condition_threshold.value.duration
          evaluation_missing_data = try(condition_threshold.value.evaluationMissingData, null)

          dynamic "aggregations" {
            for_each = condition_threshold.value.aggregations
            content {
              alignment_period     = aggregations.value.alignmentPeriod
              per_series_aligner   = aggregations.value.perSeriesAligner
              cross_series_reducer = aggregations.value.crossSeriesReducer
              group_by_fields      = aggregations.value.groupByFields
            }
          }

          trigger {
            count = condition_threshold.value.trigger.count
          }
        }
      }

      dynamic "condition_absent" {
        for_each = try([conditions.value.conditionAbsent], [])
        content {
          filter   = condition_absent.value.filter
          duration = condition_absent.value.duration

          dynamic "aggregations" {
            for_each = condition_absent.value.aggregations
            content {
              alignment_period     = aggregations.value.alignmentPeriod
              per_series_aligner   = aggregations.value.perSeriesAligner
              cross_series_reducer = aggregations.value.crossSeriesReducer
              group_by_fields      = aggregations.value.groupByFields
            }
          }

          trigger {
            count = condition_absent.value.trigger.count
          }
        }
      }
    }
  }
}

resource "google_monitoring_dashboard" "push" {
  depends_on = [time_sleep.metrics_are_known]

  project        = var.project
  dashboard_json = file("${path.module}/dashboard.json")
}
