-- AlterTable
ALTER TABLE "deployments" ADD COLUMN     "max_executors" INTEGER;
