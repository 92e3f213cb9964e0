#!/bin/bash
# A Slurm array job: each task makes one chunk of a plan. Chunks that are there are not made again, so
# that the same call after a failure makes the rest.
#
#   chunks=$(matting video split --plan job.json --video clip.mp4 --plate plate.jpg -o out.mov)
#   array=$(sbatch --parsable --array=0-$((chunks - 1)) scripts/farm/slurm_array.sh job.json)
#   sbatch --dependency=afterok:$array --wrap 'matting video join job.json'
#
#SBATCH --job-name=matting
#SBATCH --output=matting_%A_%a.log
#SBATCH --cpus-per-task=4
#SBATCH --requeue
set -euo pipefail

plan=${1:?usage: sbatch --array=0-LAST slurm_array.sh PLAN}
chunk=${SLURM_ARRAY_TASK_ID:?run this with sbatch --array}
exec "${MATTING:-matting}" video run-chunk "$plan" "$chunk"
